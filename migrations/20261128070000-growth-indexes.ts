/** Indexes of large databases: entries of one action and outcome, and samples of the names, which prove that a name is common. */
import { ConcurrentIndexesMigration } from './concurrent-indexes.ts';

const words = `to_tsvector('simple', translate(display_name, './-_@''', '      '))`;
const lastByte = 'get_byte(uuid_send(id), 15)';

export class GrowthIndexesMigration extends ConcurrentIndexesMigration {
  override name = '20261128070000-growth-indexes';

  override async up(): Promise<void> {
    await this.addIndex('audit_entries_by_action_and_outcome', 'audit_entries (action, outcome, id)');
    await this.addIndex('users_small_sample_by_name', `users using gin (${words}) where ${lastByte} < 2`);
    await this.addIndex('users_large_sample_by_name', `users using gin (${words}) where ${lastByte} < 16`);
  }
}
