/** The formats in which a graph can be drawn. */

export const GRAPH_FORMATS = ['text', 'mermaid', 'dot', 'svg'] as const;
