/** For MikroORM's command line (`npx mikro-orm migration:create`); the gateway itself uses the same options. */
import { ormOptions } from './src/persistence/orm.ts';

export default ormOptions(
  { url: process.env.DATABASE_URL ?? 'postgresql://postern@localhost:5432/postern', poolMax: 2 },
  { connect: 5000 },
);
