/** The Builder's entry: an anywidget that draws the document's state and sends what the user means to do. */
import { Builder } from "./builder/Builder.jsx";
import { defineWidget } from "./shared/index.js";

export default defineWidget(Builder);
