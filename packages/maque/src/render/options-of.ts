import { type RenderOptions, renderOptions } from '@maque/ops/render';
import type { Invocation } from '../cli/command.ts';

/** The options of rendering that the command line says. @throws CodedError RENDER_OPTIONS_INVALID with every problem */
export function optionsOf({ options, settingFlags, surroundings }: Invocation): RenderOptions {
  const text = (name: string) => textOf(options[name]);
  const port = (name: string) => {
    const told = textOf(settingFlags[name]);
    return told === undefined ? undefined : Number(told);
  };
  return renderOptions(
    withoutUndefined({
      language: surroundings.language,
      app: text('name'),
      domain: text('domain'),
      user: text('user'),
      appDir: text('app-dir'),
      dataDir: textOf(settingFlags['data-dir']),
      node: text('node'),
      maque: text('maque'),
      certificate: text('certificate'),
      certificateKey: text('certificate-key'),
      database: text('database'),
      environments: text('environments')?.split(','),
      image: text('image'),
      port: port('port'),
      metricsPort: port('metrics-port'),
    }),
  );
}

export function textOf(option: string | boolean | undefined): string | undefined {
  return typeof option === 'string' ? option : undefined;
}

function withoutUndefined(told: { [Key in keyof RenderOptions]: RenderOptions[Key] | undefined } | object) {
  const entries = Object.entries(told).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<RenderOptions>;
}
