import { hash } from 'node:crypto';
import { pageMarkup } from './page-markup.ts';
import { pageStyle } from './page-style.ts';
import { scriptActions } from './script-actions.ts';
import { scriptBasics } from './script-basics.ts';
import { scriptSections } from './script-sections.ts';

const script = scriptBasics + scriptSections + scriptActions;

/** What the simulator shows in a browser, in its language: what happened, and buttons for what can be made to happen. */
export const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Maque · WeChat simulator</title>
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
${pageMarkup}
<script type="module">${script}</script>
</html>
`;

/** Nothing but this script and style may run on the page, and it may talk to the simulator only. */
export const pagePolicy = [
  "default-src 'none'",
  "connect-src 'self'",
  'img-src data:',
  `style-src 'sha256-${hash('sha256', pageStyle, 'base64')}'`,
  `script-src 'sha256-${hash('sha256', script, 'base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
