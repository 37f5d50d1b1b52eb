import { playChapters } from './guide/play-chapters.ts';

playChapters('en');
