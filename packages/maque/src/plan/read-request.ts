import { resolve } from 'node:path';
import type { Text } from '@maque/kit';
import { readFacts } from '@maque/ops';
import {
  type MaqueRequest,
  type PlanRequest,
  Problems,
  readToldRequest,
  type ToldRequest,
  withApp,
  withTold,
} from '@maque/ops/plan';
import { canAsk, type QuestionStreams } from '../changes/question.ts';
import type { Invocation } from '../cli/command.ts';
import { askRequest } from './ask-request.ts';
import { type LiveBox, readLiveBox } from './live-box.ts';
import { readRequestFile } from './read-request-file.ts';
import { toldOfMaque } from './told-of-maque.ts';

/** A request with where it comes from. */
export interface FoundRequest {
  readonly request: PlanRequest;
  /** This machine, where the request is about it. */
  readonly live: LiveBox | undefined;
}

const COMMAND_LINE: Text = { en: 'command line', zh: '命令行' };
/** Two cores are what clouds sell with 2 to 4 GiB. */
const UNTOLD_CORES = 2;
const UNTOLD_PROGRAM = 'shop';

/**
 * What is to be planned: a file, this machine, or another one that flags tell of; and, where nothing at all is told and
 * somebody sits at the terminal, what they answer.
 * @throws CodedError PLAN_REQUEST_INVALID with all that is wrong, INPUT_UNREADABLE; SettingsError of the app's settings.
 */
export async function readPlanRequest(
  invocation: Invocation,
  streams: QuestionStreams,
): Promise<FoundRequest | undefined> {
  const { options, surroundings } = invocation;
  const problems = new Problems();
  const told = readToldRequest(options, problems);
  if (problems.count > 0) throw problems.toError(COMMAND_LINE);
  const maque = toldOfMaque(invocation, typeof options.from === 'string');
  if (typeof options.from === 'string') {
    const base = readRequestFile(resolve(surroundings.cwd, options.from), options.from);
    return { request: complete(withTold(base, told), maque), live: undefined };
  }
  if (isAnother(told) && options.live !== true)
    return { request: complete(withTold(otherBox(), told), maque), live: undefined };
  const live = await readLiveBox();
  const base = baseOf(live);
  // Who measures, measures what runs here.
  const isHere = options.live === true || options.calibrate === true || options.load !== undefined;
  const answers =
    !isHere && isNothing(told) && canAsk(streams)
      ? await askRequest({ ...base, services: withApp(base.services) }, streams, surroundings)
      : told;
  if (answers === undefined) return undefined;
  return { request: complete(withTold(asTold(base, answers), answers), maque), live };
}

/** Whoever tells the memory, or all that runs there, thinks of a box that need not be this one. */
function isAnother({ box, services }: ToldRequest): boolean {
  return box.memoryBytes !== undefined || services !== undefined;
}

function isNothing({ box, services, elsewhere, load }: ToldRequest): boolean {
  const count = Object.keys(box).length + Object.keys(load).length;
  return count === 0 && services === undefined && elsewhere === undefined;
}

/** Memory is this machine's where only what runs there was told. */
function otherBox(): PlanRequest {
  const { memoryBytes } = readFacts();
  return {
    box: { memoryBytes, cores: UNTOLD_CORES, bound: 'box' },
    services: [],
    load: { program: UNTOLD_PROGRAM },
  };
}

function baseOf({ box, detected }: LiveBox): PlanRequest {
  return {
    box,
    services: detected.map(({ service }) => service),
    load: { program: UNTOLD_PROGRAM },
  };
}

/** Of another size it is another box: neither this container's nor with this swap space. */
function asTold(base: PlanRequest, { box }: ToldRequest): PlanRequest {
  if (box.memoryBytes === undefined) return base;
  const { swapBytes: _, ...rest } = base.box;
  return { ...base, box: { ...rest, bound: 'box' } };
}

function complete(request: PlanRequest, told: Partial<MaqueRequest>): PlanRequest {
  const services = withApp(request.services);
  // The settings are of one app: where several run, of the first.
  const first = services.findIndex(({ kind }) => kind === 'maque');
  const isTold = Object.keys(told).length > 0;
  return {
    ...request,
    services: services.map((each, index) =>
      isTold && index === first && each.kind === 'maque' ? { ...each, ...told } : each,
    ),
  };
}
