import type { NextConfig } from 'next';

const config: NextConfig = {
  // The repository around this example has a lock file of its own.
  turbopack: { root: import.meta.dirname },
  poweredByHeader: false,
};

export default config;
