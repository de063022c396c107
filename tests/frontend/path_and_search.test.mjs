import assert from "node:assert/strict";
import { test } from "node:test";
import { layersNamed, matching } from "../../kerasnb/widgets/frontend/builder/matching.js";
import { through } from "../../kerasnb/widgets/frontend/builder/path.js";

const FAMILIES = [
  { family: "core", layers: [{ class_name: "Dense" }, { class_name: "Reshape" }, { class_name: "MaxoutDense" }] },
  { family: "pooling", layers: [{ class_name: "MaxPooling1D" }, { class_name: "GlobalMaxPooling1D" }] },
  { family: "advanced", layers: [{ class_name: "PReLU" }] },
];
const found = (query) => matching(FAMILIES, query).map(({ family, layers }) => [family, ...layers.map((layer) => layer.class_name)]);

test("a connection without turns is one line", () => {
  assert.equal(through([[10, 0], [10, 40]]), "M10,0L10,40");
});

test("a turn is rounded by four pixels on both sides", () => {
  assert.equal(through([[0, 0], [0, 20], [30, 20]]), "M0,0L0,16Q0,20 4,20L30,20");
});

test("turns are rounded on the way back and up too", () => {
  assert.equal(through([[30, 20], [10, 20], [10, 0]]), "M30,20L14,20Q10,20 10,16L10,0");
  assert.equal(through([[0, 0], [0, 20], [30, 20], [30, 40]]), "M0,0L0,16Q0,20 4,20L26,20Q30,20 30,24L30,40");
});

test("a leg shorter than two corners gives each half of itself", () => {
  assert.equal(through([[0, 0], [0, 6], [30, 6]]), "M0,0L0,3Q0,6 4,6L30,6");
});

test("the search finds a part of a name in any case, names that begin with it first", () => {
  assert.deepEqual(found("dense"), [["core", "Dense", "MaxoutDense"]]);
  assert.deepEqual(found("  MAXP "), [["pooling", "MaxPooling1D", "GlobalMaxPooling1D"]]);
});

test("a family with a name that begins with the query comes before those that only hold it", () => {
  assert.deepEqual(found("max"), [["core", "MaxoutDense"], ["pooling", "MaxPooling1D", "GlobalMaxPooling1D"]]);
  assert.deepEqual(found("p"), [["advanced", "PReLU"], ["core", "Reshape"], ["pooling", "MaxPooling1D", "GlobalMaxPooling1D"]]);
});

test("a layer is found by its later name and by what people call it, before those whose names hold that", () => {
  const families = [
    { family: "a", layers: [{ class_name: "DepthwiseConv2D", words: [] }, { class_name: "PReLU", words: [] }] },
    { family: "b", layers: [{ class_name: "Convolution2D", words: ["conv2d"] }, { class_name: "Activation", words: ["relu"] }] },
  ];
  const first = (query) => matching(families, query)[0].layers[0].class_name;
  assert.deepEqual(["conv2d", "Conv2", "relu", "rel"].map(first), ["Convolution2D", "Convolution2D", "Activation", "Activation"]);
});

test("a word for a layer with an argument brings the argument along", () => {
  const families = [{ family: "core", layers: [{ class_name: "Activation", words: ["relu"], meant: { relu: { activation: "relu" } } }] }];
  assert.deepEqual(matching(families, "ReLU")[0].layers[0].given, { activation: "relu" });
  assert.equal(matching(families, "activ")[0].layers[0].given, undefined);
});

test("no query shows all, and one that nothing has shows none", () => {
  assert.equal(matching(FAMILIES, " "), FAMILIES);
  assert.deepEqual(found("zzz"), []);
});

test("layers of the model are found by name and by class, in their order", () => {
  const nodes = [{ name: "block1_conv1", class_name: "Convolution2D" }, { name: "pool", class_name: "MaxPooling2D" }, { name: "block2_conv1", class_name: "Convolution2D" }];
  assert.deepEqual(layersNamed(nodes, " CONV"), ["block1_conv1", "block2_conv1"]);
  assert.deepEqual(layersNamed(nodes, "maxp"), ["pool"]);
  assert.deepEqual(layersNamed(nodes, ""), []);
});

test("layers of the model are found by their later class, by what people call them, and by their activation", () => {
  const families = [{ family: "a", layers: [{ class_name: "Convolution2D", words: ["conv2d"] }, { class_name: "BatchNormalization", words: ["bn"] }] }];
  const nodes = [
    { name: "a", class_name: "Convolution2D", values: { activation: "relu" } },
    { name: "b", class_name: "BatchNormalization", values: {} },
    { name: "c", class_name: "Dense", values: { activation: "softmax" } },
  ];
  const found = (query) => layersNamed(nodes, query, families);
  assert.deepEqual(["conv2d", "BN", "relu", "softmax", "gap"].map(found), [["a"], ["b"], ["a"], ["c"], []]);
});
