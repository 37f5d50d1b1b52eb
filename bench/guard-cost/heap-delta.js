// What is widely copied to find leaks: the heap before and after each request.
import { createServer } from 'node:http';

const growthByRoute = new Map();

function heapDelta(request, response, next) {
  const before = process.memoryUsage();
  response.on('finish', () => {
    const after = process.memoryUsage();
    const growth = growthByRoute.get(request.url) ?? 0;
    growthByRoute.set(request.url, growth + after.heapUsed - before.heapUsed);
  });
  next();
}

createServer((request, response) => {
  heapDelta(request, response, () => response.end('hello world'));
}).listen(Number(process.env.PORT), '127.0.0.1');
