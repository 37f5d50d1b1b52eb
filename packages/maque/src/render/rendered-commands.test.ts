import { resolveSettings, type SettingsSource } from '@maque/kit';
import type { BoxFacts, Budget, DoesNotFit } from '@maque/ops';
import type { BoxPlan } from '@maque/ops/plan';
import { type RenderOptions, render, renderOptions } from '@maque/ops/render';
import { checkEnvironment } from '@maque/server/config/check-environment';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fittingPlans } from '../../../ops/testing/plan-requests.ts';
import { parseCommandLine } from '../cli/parse-command-line.ts';
import { runCommand } from '../commands/run.ts';
import { startCommand } from '../commands/start.ts';
import { programBudget } from '../run/program-budget.ts';
import { resolveWithBudget } from '../settings/resolve-with-budget.ts';
import { maqueSettings } from '../settings/settings-table.ts';

type Variables = Readonly<Record<string, string>>;

/** What a person writes into the file of secrets. */
const WECHAT: Variables = { MAQUE_WECHAT_APP_ID: 'wx1', MAQUE_WECHAT_SECRET: 's' };

/** How a unit or a container starts one of our commands. */
interface Start {
  readonly command: 'run' | 'start';
  readonly args: readonly string[];
  readonly env: Variables;
  readonly memoryMaxBytes: number;
}

/** What the plan gives to its workers. */
interface Numbers {
  readonly workers: number;
  readonly oldSpaceMb: number;
  readonly semiSpaceMb: number;
  readonly server: Budget['server'];
}

/** The sum that the command would make in a group with its unit's limit. */
function budgetOf(start: Start, { cores }: BoxFacts): Budget {
  return budgetOn({ memoryBytes: start.memoryMaxBytes, bound: 'cgroup-v2', cores }, start);
}

function budgetOn(facts: BoxFacts, { command, args, env }: Start): Budget {
  const flags = parseCommandLine(command === 'run' ? runCommand : startCommand, args).settingFlags;
  const sources: SettingsSource[] = [
    { kind: 'env', label: 'environment', entries: env },
    { kind: 'flag', label: 'command line', entries: flags },
  ];
  const budget = command === 'run' ? runWith(sources, facts) : startWith(sources, facts);
  if (!budget.fits) throw new Error(`refused: ${args.join(' ')} needs ${budget.neededBytes}`);
  return budget;
}

function runWith(sources: readonly SettingsSource[], facts: BoxFacts): Budget | DoesNotFit {
  return programBudget(resolveSettings(maqueSettings, sources).values, facts);
}

function startWith(sources: readonly SettingsSource[], facts: BoxFacts): Budget | DoesNotFit {
  const { settings, plan } = resolveWithBudget(sources, facts);
  if (plan.fits) expect(checkEnvironment(settings.values)).toEqual([]);
  return plan;
}

function numbersOf({ workers, perWorker, server }: Budget): Numbers {
  const { oldSpaceMb, semiSpaceMb } = perWorker;
  return { workers, oldSpaceMb, semiSpaceMb, server };
}

function plannedNumbers(plan: BoxPlan, kinds: readonly ('maque' | 'node')[]): readonly Numbers[] {
  return plan.services.flatMap((service) => {
    if (service.kind === 'maque') return kinds.includes('maque') ? [numbersOf(service.budget)] : [];
    if (service.kind !== 'node' || !kinds.includes('node')) return [];
    if ((service.request.keptBy ?? 'keeper') !== 'keeper') return [];
    const { workers, oldSpaceMb, semiSpaceMb } = service;
    return [{ workers, oldSpaceMb, semiSpaceMb, server: undefined }];
  });
}

/** The settings of all units of the apps by their file, a template's those of its instances after its own. */
function starts(plan: BoxPlan, options: RenderOptions, secrets: Variables): readonly Start[] {
  const files = render(plan, options, ['systemd']).filter(({ path }) =>
    path.startsWith('/etc/systemd/system/'),
  );
  return files.flatMap(({ path, content }) => {
    if (!path.endsWith('.service')) return [];
    const isTemplate = path.endsWith('@.service');
    const instances = files.filter(
      (file) => isTemplate && file.path.startsWith(path.replace('.service', '')),
    );
    const texts = isTemplate
      ? instances.filter((file) => file.path !== path).map((file) => [instanceIn(file.path), file.content])
      : [['', '']];
    return texts.flatMap(([name = '', more = '']) =>
      startIn(`${content}\n${more}`.replaceAll('%i', name), secrets),
    );
  });
}

function startIn(unit: string, secrets: Variables): readonly Start[] {
  const lines = unit.split('\n');
  const after = (key: string) =>
    lines.filter((line) => line.startsWith(key)).map((line) => line.slice(key.length));
  const [, , command, ...args] = after('ExecStart=')[0]?.split(' ') ?? [];
  if (command !== 'run' && command !== 'start') return [];
  const env = Object.fromEntries(after('Environment=').map((pair) => pair.split('=', 2)));
  return [{ command, args, env: { ...env, ...secrets }, memoryMaxBytes: Number(after('MemoryMax=')[0]) }];
}

function startsIfTheyFit(plan: BoxPlan, options: RenderOptions, secrets: Variables): readonly Start[] {
  try {
    return starts(plan, options, secrets);
  } catch (error) {
    expect(error).toMatchObject({ code: 'RENDER_ENVIRONMENTS_DO_NOT_FIT' });
    return [];
  }
}

function instanceIn(path: string): string {
  return /@([^.]*)\.service/.exec(path)?.[1] ?? '';
}

describe('a rendered command', () => {
  it('is never refused, and gives its workers what the plan says', () => {
    let seen = 0;
    fc.assert(
      fc.property(fittingPlans(), (plan) => {
        const found = starts(plan, renderOptions(), WECHAT).map((start) =>
          numbersOf(budgetOf(start, plan.request.box)),
        );
        expect(found).toEqual(plannedNumbers(plan, ['maque', 'node']));
        seen += found.length;
      }),
      { numRuns: 400 },
    );
    expect(seen).toBeGreaterThan(100);
  });

  it('is not refused either where no group of its own can be seen', () => {
    fc.assert(
      fc.property(fittingPlans(), (plan) => {
        const found = starts(plan, renderOptions(), WECHAT).map((start) =>
          numbersOf(budgetOn(plan.request.box, start)),
        );
        expect(found).toEqual(plannedNumbers(plan, ['maque', 'node']));
      }),
      { numRuns: 100 },
    );
  });

  it('of another environment starts with the simulator of WeChat and without it', () => {
    const options = renderOptions({ environments: ['staging', 'dev'] });
    let seen = 0;
    fc.assert(
      fc.property(fittingPlans(), fc.constantFrom(WECHAT, {}), (plan, secrets) => {
        const all = startsIfTheyFit(plan, options, secrets);
        for (const start of all.filter(({ args }) => args.includes('staging') || args.includes('dev'))) {
          expect(budgetOf(start, plan.request.box).workers).toBe(Number(start.env.MAQUE_WORKERS));
          seen += 1;
        }
      }),
      { numRuns: 300 },
    );
    expect(seen).toBeGreaterThan(20);
  });
});

describe('a rendered container', () => {
  it('of Maque gives its workers what the plan says', () => {
    fc.assert(
      fc.property(fittingPlans(), (plan) => {
        const [file] = render(plan, renderOptions(), ['compose']);
        const services = (file === undefined ? {} : parse(file.content).services) as Record<
          string,
          { readonly environment?: Variables; readonly mem_limit: string }
        >;
        const found = Object.values(services).flatMap(({ environment, mem_limit: limit }) => {
          if (environment?.MAQUE_MEMORY === undefined) return [];
          const memoryMaxBytes = Number.parseInt(limit, 10) * 2 ** 20;
          const env = { ...environment, ...WECHAT };
          return [numbersOf(budgetOf({ command: 'start', args: [], env, memoryMaxBytes }, plan.request.box))];
        });
        expect(found).toEqual(plannedNumbers(plan, ['maque']));
      }),
      { numRuns: 200 },
    );
  });
});
