import { MiB, resolveSettings, type SettingsSource } from '@maque/kit';
import type { BoxFacts, Budget, DoesNotFit } from '@maque/ops';
import type { BoxPlan, PlannedOf } from '@maque/ops/plan';
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

/** @param isMeant of the programs that are not ours */
function plannedNumbers(plan: BoxPlan, isMeant: (program: PlannedOf<'node'>) => boolean): readonly Numbers[] {
  return plan.services.flatMap((service) => {
    if (service.kind === 'maque') return [numbersOf(service.budget)];
    if (service.kind !== 'node' || !isMeant(service)) return [];
    const { workers, oldSpaceMb, semiSpaceMb } = service;
    return [{ workers, oldSpaceMb, semiSpaceMb, server: undefined }];
  });
}

function isKept({ request }: PlannedOf<'node'>): boolean {
  return (request.keptBy ?? 'keeper') === 'keeper';
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
        expect(found).toEqual(plannedNumbers(plan, isKept));
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
        expect(found).toEqual(plannedNumbers(plan, isKept));
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
  it('of Maque or of a Node program gives its workers what the plan says', () => {
    fc.assert(
      fc.property(fittingPlans(), (plan) => {
        const [file] = render(plan, renderOptions(), ['compose']);
        const services: Readonly<Record<string, Container>> =
          file === undefined ? {} : parse(file.content).services;
        const found = Object.values(services).flatMap((container) => numbersIn(container, plan.request.box));
        expect(sorted(found)).toEqual(sorted(plannedNumbers(plan, () => true)));
      }),
      { numRuns: 200 },
    );
  });
});

interface Container {
  readonly environment?: Variables;
  readonly mem_limit: string;
}

/** Our own commands make their sum; any other Node takes its flags from its environment. */
function numbersIn({ environment = {}, mem_limit: limit }: Container, box: BoxFacts): readonly Numbers[] {
  const { MAQUE_MEMORY: memory, MAQUE_ENV: own, NODE_OPTIONS: flags, WEB_CONCURRENCY: workers } = environment;
  if (memory !== undefined) {
    const command = own === undefined ? 'run' : 'start';
    const memoryMaxBytes = Number.parseInt(limit, 10) * MiB;
    return [
      numbersOf(budgetOf({ command, args: [], env: { ...environment, ...WECHAT }, memoryMaxBytes }, box)),
    ];
  }
  if (flags === undefined) return [];
  const [oldSpaceMb = 0, semiSpaceMb = 0] = [...flags.matchAll(/=(\d+)/g)].map(([, value]) => Number(value));
  return [{ workers: Number(workers), oldSpaceMb, semiSpaceMb, server: undefined }];
}

function sorted(numbers: readonly Numbers[]): readonly string[] {
  return numbers.map((one) => JSON.stringify(one)).sort();
}
