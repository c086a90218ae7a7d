/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Set in development to run on sample data instead of a host. */
  readonly VITE_FIXTURE?: string;
}
