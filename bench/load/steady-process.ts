import { answerCalls } from './child-calls.ts';
import { type SteadyLoad, steadyLoad } from './steady-load.ts';

/** A process of its own for one steady load, which nothing else delays. */
answerCalls<SteadyLoad>(steadyLoad);
