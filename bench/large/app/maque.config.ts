import { defineApp } from 'maque';
import { items } from '../items.ts';

export default defineApp({ collections: { items } });
