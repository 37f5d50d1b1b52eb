/**
 * A gated recurrent unit (Cho et al. 2014) with one sigmoid output, and its gradient by back propagation through time.
 * All weights are one array: for each of three gates a row per hidden unit (inputs, state, bias), then the output's row.
 */
export class Gru {
  readonly hidden: number;
  readonly inputs: number;
  readonly size: number;
  readonly #columns: number;

  constructor(inputs: number, hidden: number) {
    this.inputs = inputs;
    this.hidden = hidden;
    this.#columns = inputs + hidden + 1;
    this.size = 3 * hidden * this.#columns + hidden + 1;
  }

  /** The output at each step. */
  run(weights: Float64Array, inputs: readonly Float64Array[]): number[] {
    return this.#forward(weights, inputs).map(({ output }) => output);
  }

  /** Adds the gradient of the cross-entropy of one sequence to `gradient`, each step counting `share`. */
  addGradient(
    weights: Float64Array,
    inputs: readonly Float64Array[],
    truth: readonly number[],
    share: number,
    gradient: Float64Array,
  ): void {
    const { hidden } = this;
    const steps = this.#forward(weights, inputs);
    const outputRow = 3 * hidden * this.#columns;
    let stateError = new Float64Array(hidden);
    for (let index = steps.length - 1; index >= 0; index -= 1) {
      const step = steps[index] as Step;
      const error = (step.output - at(truth, index)) * share;
      gradient[outputRow + hidden] = at(gradient, outputRow + hidden) + error;
      for (let unit = 0; unit < hidden; unit += 1) {
        gradient[outputRow + unit] = at(gradient, outputRow + unit) + error * at(step.state, unit);
        stateError[unit] = at(stateError, unit) + error * at(weights, outputRow + unit);
      }
      stateError = this.#stepBack(weights, step, stateError, gradient);
    }
  }

  #forward(weights: Float64Array, inputs: readonly Float64Array[]): Step[] {
    const { hidden } = this;
    const outputRow = 3 * hidden * this.#columns;
    const steps: Step[] = [];
    let before = new Float64Array(hidden);
    for (const input of inputs) {
      const keep = this.#gate(weights, 0, input, before).map(sigmoid);
      const reset = this.#gate(weights, 1, input, before).map(sigmoid);
      const held = before.map((value, unit) => value * at(reset, unit));
      const fresh = this.#gate(weights, 2, input, held).map(Math.tanh);
      const state = before.map(
        (value, unit) => at(keep, unit) * value + (1 - at(keep, unit)) * at(fresh, unit),
      );
      const sum = state.reduce((total, value, unit) => total + value * at(weights, outputRow + unit), 0);
      const output = sigmoid(sum + at(weights, outputRow + hidden));
      steps.push({ input, before, keep, reset, held, fresh, state, output });
      before = state;
    }
    return steps;
  }

  #gate(weights: Float64Array, gate: number, input: Float64Array, state: Float64Array): Float64Array {
    const { hidden, inputs } = this;
    const sums = new Float64Array(hidden);
    for (let unit = 0; unit < hidden; unit += 1) {
      const row = (gate * hidden + unit) * this.#columns;
      let sum = at(weights, row + inputs + hidden);
      for (let index = 0; index < inputs; index += 1) sum += at(weights, row + index) * at(input, index);
      for (let index = 0; index < hidden; index += 1)
        sum += at(weights, row + inputs + index) * at(state, index);
      sums[unit] = sum;
    }
    return sums;
  }

  /** From the error of a step's state to that of the state before it. */
  #stepBack(
    weights: Float64Array,
    step: Step,
    error: Float64Array,
    gradient: Float64Array,
  ): Float64Array<ArrayBuffer> {
    const { input, before, keep, reset, held, fresh } = step;
    const freshError = error.map((value, unit) => value * (1 - at(keep, unit)) * (1 - at(fresh, unit) ** 2));
    const keepError = error.map(
      (value, unit) => value * (at(before, unit) - at(fresh, unit)) * at(keep, unit) * (1 - at(keep, unit)),
    );
    const heldError = this.#gateBack(weights, 2, input, held, freshError, gradient);
    const resetError = heldError.map(
      (value, unit) => value * at(before, unit) * at(reset, unit) * (1 - at(reset, unit)),
    );
    const fromKeep = this.#gateBack(weights, 0, input, before, keepError, gradient);
    const fromReset = this.#gateBack(weights, 1, input, before, resetError, gradient);
    return Float64Array.from(
      error,
      (value, unit) =>
        value * at(keep, unit) +
        at(heldError, unit) * at(reset, unit) +
        at(fromKeep, unit) +
        at(fromReset, unit),
    );
  }

  #gateBack(
    weights: Float64Array,
    gate: number,
    input: Float64Array,
    state: Float64Array,
    error: Float64Array,
    gradient: Float64Array,
  ): Float64Array {
    const { hidden, inputs } = this;
    const stateError = new Float64Array(hidden);
    for (let unit = 0; unit < hidden; unit += 1) {
      const row = (gate * hidden + unit) * this.#columns;
      const own = at(error, unit);
      gradient[row + inputs + hidden] = at(gradient, row + inputs + hidden) + own;
      for (let index = 0; index < inputs; index += 1) {
        gradient[row + index] = at(gradient, row + index) + own * at(input, index);
      }
      for (let index = 0; index < hidden; index += 1) {
        const place = row + inputs + index;
        gradient[place] = at(gradient, place) + own * at(state, index);
        stateError[index] = at(stateError, index) + own * at(weights, place);
      }
    }
    return stateError;
  }
}

interface Step {
  readonly input: Float64Array;
  /** The state before this step, how much of it is kept, and how much of it the fresh one sees. */
  readonly before: Float64Array;
  readonly keep: Float64Array;
  readonly reset: Float64Array;
  readonly held: Float64Array;
  readonly fresh: Float64Array;
  readonly state: Float64Array;
  readonly output: number;
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function at(values: Float64Array | readonly number[], index: number): number {
  return values[index] as number;
}
