import { configCommand } from '../commands/config.ts';
import { planCommand } from '../commands/plan.ts';
import type { Command } from './command.ts';

/** Every command, in the order in which the help shows them. */
export const commands: readonly Command[] = [planCommand, configCommand];
