import { defineApp } from 'maque';
import { items } from '../items.ts';

// The collection as it is before its records are there to be searched.
export default defineApp({ collections: { items: { ...items, search: [] } } });
