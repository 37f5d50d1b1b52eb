import { drawFrom } from './draw.ts';
import { Gru } from './gru.ts';
import { INPUTS, type Sequence, sequenceOf } from './gru-inputs.ts';
import type { LabelledTrace, Listener } from './labelled-trace.ts';

export interface Training {
  readonly hidden: number;
  readonly epochs: number;
  readonly seed: number;
}

const RATE = 0.01;
const BATCH = 8;
const DECAY = 1e-4;
// Adam's (Kingma and Ba 2015).
const FIRST_MOMENT = 0.9;
const SECOND_MOMENT = 0.999;
const TINY = 1e-8;

/** Trains a network on traces, and answers a listener that speaks for it. */
export function trainedGru(
  sequences: readonly Sequence[],
  horizonSeconds: number,
  training: Training,
): Listener {
  const network = new Gru(INPUTS, training.hidden);
  const weights = train(network, sequences, training);
  return (trace: LabelledTrace) => {
    const { inputs, seconds } = sequenceOf(trace, horizonSeconds);
    const outputs = network.run(weights, inputs);
    return seconds.map((second, index) => ({ seconds: second, probability: outputs[index] ?? 0 }));
  };
}

function train(network: Gru, sequences: readonly Sequence[], { epochs, seed }: Training): Float64Array {
  const draw = drawFrom(seed);
  const weights = Float64Array.from({ length: network.size }, () => draw.between(-0.25, 0.25));
  const first = new Float64Array(network.size);
  const second = new Float64Array(network.size);
  let steps = 0;
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const order = shuffled(sequences, draw.next);
    for (let from = 0; from < order.length; from += BATCH) {
      const gradient = new Float64Array(network.size);
      for (const { inputs, truth } of order.slice(from, from + BATCH)) {
        network.addGradient(weights, inputs, truth, 1 / inputs.length, gradient);
      }
      steps += 1;
      for (let index = 0; index < network.size; index += 1) {
        const slope = (gradient[index] as number) + DECAY * (weights[index] as number);
        const mean = FIRST_MOMENT * (first[index] as number) + (1 - FIRST_MOMENT) * slope;
        const square = SECOND_MOMENT * (second[index] as number) + (1 - SECOND_MOMENT) * slope * slope;
        first[index] = mean;
        second[index] = square;
        const move =
          mean / (1 - FIRST_MOMENT ** steps) / (Math.sqrt(square / (1 - SECOND_MOMENT ** steps)) + TINY);
        weights[index] = (weights[index] as number) - RATE * move;
      }
    }
  }
  return weights;
}

function shuffled<T>(items: readonly T[], next: () => number): T[] {
  const order = [...items];
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = Math.floor(next() * (index + 1));
    const item = order[index] as T;
    order[index] = order[other] as T;
    order[other] = item;
  }
  return order;
}
