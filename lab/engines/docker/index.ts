export { dockerEngine, sweep } from './engine.ts';
