/** Styles text where the output can show it; leaves it as it is where not. */
export type Style = (style: 'bold' | 'dim' | 'red' | 'yellow' | 'cyan', text: string) => string;

export const plain: Style = (_style, text) => text;
