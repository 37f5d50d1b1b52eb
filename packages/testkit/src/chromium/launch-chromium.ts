import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

export interface ChromiumOptions {
  /** Another Chromium than Debian's; `MAQUE_CHROMIUM` says the same for a whole test run. */
  readonly executablePath?: string;
}

/** Where Debian and Ubuntu put it. */
const debianPath = '/usr/bin/chromium';

const flags = [
  '--headless',
  // Tests run as root in containers, where Chromium's own sandbox cannot start; pages come from loopback only.
  '--no-sandbox',
  '--disable-gpu',
  // Everything below keeps the browser from talking to anybody but the page under test.
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts a headless Chromium with a profile of its own that is gone when it closes: `await using browser = …`.
 * @throws Error that says what to install when there is no Chromium.
 */
export async function launchChromium(options: ChromiumOptions = {}): Promise<Browser> {
  const executablePath = options.executablePath ?? process.env.MAQUE_CHROMIUM ?? debianPath;
  if (!existsSync(executablePath)) {
    throw new Error(
      `there is no Chromium at ${executablePath}; please run:\n` +
        '  sudo apt-get update && sudo apt-get install -y chromium fonts-wqy-microhei\n' +
        'or set MAQUE_CHROMIUM to the path of yours',
    );
  }
  return chromium.launch({ executablePath, args: flags });
}
