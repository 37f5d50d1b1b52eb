import type { Language } from '@maque/kit';

/** Where reports are kept. */
export interface ReportFolderOptions {
  readonly dir: string;
  /** Reports kept, each as `.json` and `.md`; the oldest go. 1 to 1,000; 20 unless told: two weeks of one leak a day. */
  readonly max?: number;
  /** Of the Markdown; English unless told. */
  readonly language?: Language;
}

const DEFAULT_MAX = 20;

/**
 * Fills in defaults.
 * @throws TypeError or RangeError for an option that is wrong.
 */
export function resolveReportPlace(options: ReportFolderOptions): Required<ReportFolderOptions> {
  const { dir, max = DEFAULT_MAX, language = 'en' } = options;
  if (typeof dir !== 'string' || dir === '') {
    throw new TypeError('watch: reports.dir must be the path of a folder');
  }
  if (!Number.isInteger(max) || max < 1 || max > 1_000) {
    throw new RangeError(`watch: reports.max must be a whole number from 1 to 1000, not ${max}`);
  }
  return { dir, max, language: language === 'zh-CN' ? 'zh-CN' : 'en' };
}
