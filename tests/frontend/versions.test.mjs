/** Which version a step is stamped with. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { stepVersions } from "../../kerasnb/widgets/frontend/builder/versions.js";

test("a step is meant for the version that Python has sent", () => {
  assert.deepEqual(stepVersions("p").stamp({ revision: 7, answered: null }), { id: "p:1", version: 7 });
});

test("a step that follows another before its answer is meant for what that one makes", () => {
  const steps = stepVersions("p");
  steps.stamp({ revision: 7, answered: null });
  assert.equal(steps.stamp({ revision: 7, answered: null }).version, 8);
});

test("an answered step is counted no more, whether it changed anything or was refused", () => {
  const steps = stepVersions("p");
  const { id } = steps.stamp({ revision: 7, answered: null });
  assert.equal(steps.stamp({ revision: 8, answered: id }).version, 8);
  const refused = stepVersions("q");
  const first = refused.stamp({ revision: 7, answered: null });
  assert.equal(refused.stamp({ revision: 7, answered: first.id }).version, 7);
});

test("the answer of a later step answers those before it too", () => {
  const steps = stepVersions("p");
  steps.stamp({ revision: 7, answered: null });
  const { id } = steps.stamp({ revision: 7, answered: null });
  assert.equal(steps.stamp({ revision: 9, answered: id }).version, 9);
});

test("what another page was answered leaves the steps of this one on their way", () => {
  const steps = stepVersions("p");
  steps.stamp({ revision: 7, answered: "other:3" });
  assert.equal(steps.stamp({ revision: 7, answered: "other:4" }).version, 8);
});
