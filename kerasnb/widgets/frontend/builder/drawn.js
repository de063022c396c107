/** What stands on the canvas: layers, and boxes for blocks that repeat. */

/** `[{id, names, x, y, node | block}]`, each with the names of the layers that it stands for. */
export const drawnOf = ({ nodes, blocks }) => [
  ...nodes.filter((node) => !node.box).map((node) => ({ id: node.name, names: [node.name], x: node.x, y: node.y, node })),
  ...blocks.filter((block) => block.folded).map((block) => ({ id: block.box, names: block.names, x: block.x, y: block.y, block })),
];

/** The id of what stands for a layer. */
export const idOf = ({ nodes }, name) => nodes.find((node) => node.name === name)?.box || name;

/** The layers for which something drawn stands. */
export const namesOf = ({ blocks }, id) => blocks.find((block) => block.folded && block.box === id)?.names ?? [id];

/** The blocks that a layer belongs to. */
export const blockOf = ({ blocks }, name) => blocks.find((block) => block.names.includes(name));

/** The one connection for which a wire stands; null where it stands for several. */
export const onlyConnection = ({ connections }) => (connections.length === 1 ? connections[0] : null);
