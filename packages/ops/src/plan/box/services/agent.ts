import { inMiB } from '../../in-mebibytes.ts';
import { demandOf, layOut, onePiece } from '../layout.ts';
import { limitsFor, OOM_SCORE } from '../limits.ts';
import { fixedPart, type Part } from '../part.ts';
import type { ServiceModel } from '../service-model.ts';
import type { AgentRequest } from '../service-request.ts';

/** Anything that simply takes so much. */
export const agent: ServiceModel<'agent'> = {
  kind: 'agent',
  boundBySettings: false,
  reducible: [],
  demand: (request) => demandOf(onePiece([partOf(request)]), 0),
  share(request, offeredBytes) {
    const { lines, budgetBytes } = layOut(request.name, onePiece([partOf(request)]), offeredBytes);
    return { planned: { kind: 'agent', request, ...limitsFor(budgetBytes, OOM_SCORE.agent) }, lines };
  },
};

function partOf({ name, bytes }: AgentRequest): Part {
  return fixedPart({
    code: 'AGENT',
    name: { en: name, zh: name },
    bytes,
    formula: inMiB(bytes),
    errorBytes: 0,
    source: { en: 'as told', zh: '由用户指定' },
  });
}
