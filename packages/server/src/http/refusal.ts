/** Why a request was refused, in words for whoever wrote the rules. Callers are never told: it is an error's `cause`. */
export class Refusal {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}
