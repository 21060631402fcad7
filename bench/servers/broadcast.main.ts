// The least that a broadcast can be: each POST sends one string to each socket. No database, no token, no rule.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const { FRAME = '', PORT } = process.env;

const server = createServer((request, response) => {
  request.resume().once('end', () => {
    if (request.method === 'POST') for (const socket of sockets.clients) socket.send(FRAME);
    response.setHeader('content-type', 'application/json').end('{}');
  });
});
const sockets = new WebSocketServer({ server });
sockets.on('connection', (socket) => {
  socket.send('{"type":"ready"}');
});

process.once('SIGTERM', () => process.exit(0));
server.listen(Number(PORT), '127.0.0.1');
