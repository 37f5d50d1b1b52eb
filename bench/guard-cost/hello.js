// The smallest server there is: what the guard costs shows here as nowhere else.
import { createServer } from 'node:http';

createServer((_request, response) => response.end('hello world')).listen(
  Number(process.env.PORT),
  '127.0.0.1',
);
