// The least that a broadcast can be: the body of each POST goes to each socket, as one string. No database, no token, no rule.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { WebSocketServer } from 'ws';

const { PORT } = process.env;

const server = createServer((request, response) => {
  void text(request).then((frame) => {
    if (request.method === 'POST') for (const socket of sockets.clients) socket.send(frame);
    response.setHeader('content-type', 'application/json').end('{}');
  });
});
// As Fastify has it: 5 s would end the connections of a load between its rounds.
server.keepAliveTimeout = 72_000;
const sockets = new WebSocketServer({ server });
sockets.on('connection', (socket) => {
  socket.send('{"type":"ready"}');
});

process.once('SIGTERM', () => process.exit(0));
server.listen(Number(PORT), '127.0.0.1');
