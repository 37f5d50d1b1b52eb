import { displayWidth } from '@maque/ops';

const ESCAPE = '\u001b';
const UNFINISHED = new RegExp(`${ESCAPE}(\\[[\\d;?]*)?$`);
const PARTS = new RegExp(`${ESCAPE}\\[([\\d;?]*)([A-Za-z])|([^${ESCAPE}])`, 'gu');

/** What somebody who sits before a terminal sees. Knows the control sequences of full-screen programs that we write. */
export class TerminalScreen {
  /** Cells by row; the second one of a wide character is empty. */
  #cells: string[][] = [];
  #row = 0;
  #column = 0;
  #rest = '';
  isAlternate = false;
  isCursorHidden = false;

  write(text: string): void {
    const all = this.#rest + text;
    // A sequence may have come in part only.
    const cut = UNFINISHED.exec(all)?.index ?? all.length;
    this.#rest = all.slice(cut);
    for (const [, parameters, command, character] of all.slice(0, cut).matchAll(PARTS)) {
      if (character !== undefined) this.#put(character);
      else this.#obey(command ?? '', parameters ?? '');
    }
  }

  lines(): string[] {
    return Array.from(this.#cells, (row) =>
      Array.from(row ?? [], (cell) => cell ?? ' ')
        .join('')
        .trimEnd(),
    );
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') this.#row += 1;
    else {
      const row = this.#cells[this.#row] ?? [];
      this.#cells[this.#row] = row;
      row[this.#column] = character;
      if (displayWidth(character) === 2) row[this.#column + 1] = '';
      this.#column += displayWidth(character);
    }
  }

  #obey(command: string, parameters: string): void {
    const [first = 1, second = 1] = parameters.split(';').map(Number);
    if (command === 'H') [this.#row, this.#column] = [first - 1, second - 1];
    if (command === 'K') this.#cells[this.#row]?.splice(this.#column);
    if (command === 'J') this.#cells.splice(parameters === '2' ? 0 : this.#row);
    if (parameters === '?1049') this.isAlternate = command === 'h';
    if (parameters === '?25') this.isCursorHidden = command === 'l';
  }
}
