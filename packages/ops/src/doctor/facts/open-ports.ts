import type { ListeningSocket } from './listening-sockets.ts';
import type { ProcessFacts } from './processes.ts';
import { programName } from './program.ts';

/** Addresses that only machines of the same private network reach: where it was bound to one, somebody thought of it. */
const PRIVATE =
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]|fe80:)/i;

/** A port of the box that Docker leads to one of a container. */
export interface PublishedPort {
  readonly address: string;
  readonly port: number;
  readonly containerPort: number;
}

/** Docker starts a small program for each port that it publishes, unless it was told not to. */
export function publishedPorts(processes: readonly ProcessFacts[]): readonly PublishedPort[] {
  return processes
    .filter((process) => programName(process) === 'docker-proxy')
    .map(({ commandLine }) => {
      const word = (name: string) => commandLine[commandLine.indexOf(name) + 1] ?? '';
      return {
        address: word('-host-ip'),
        port: Number(word('-host-port')),
        containerPort: Number(word('-container-port')),
      };
    });
}

/** `0.0.0.0:3306`, where anybody may knock who reaches the box, if no firewall is in between. */
export function openAddresses(sockets: readonly ListeningSocket[], port: number): readonly string[] {
  return sockets
    .filter((socket) => socket.port === port && socket.isOpen && !PRIVATE.test(socket.address))
    .map(({ address }) => `${address}:${port}`);
}

export function openPublished(ports: readonly PublishedPort[], containerPort: number): readonly string[] {
  return ports
    .filter((port) => port.containerPort === containerPort && !/^(127\.|::1$)/.test(port.address))
    .filter(({ address }) => !PRIVATE.test(address))
    .map(({ address, port }) => `${address}:${port}`);
}
