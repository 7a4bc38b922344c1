/** The arguments of `postern gateway`. */
import type { Command } from 'commander';
import type { GatewayCommand } from '../gateway.ts';
import type { Terminal } from '../terminal.ts';

export function registerGateway(program: Command, terminal: Terminal): void {
  program
    .command('gateway')
    .description('start the gateway of a federated graph, without a database; docs/gateway.md')
    .option('--supergraph <file or url>', 'the supergraph; SUPERGRAPH by default')
    .option('--port <number>', 'the port; GATEWAY_PORT, or 4001, by default')
    .option('--policies <file>', 'an ES module with the functions of @policy; GATEWAY_POLICIES by default')
    .action(async (options: GatewayCommand) => {
      const { runGateway } = await import('../gateway.ts');
      await runGateway(terminal, options);
    });
}
