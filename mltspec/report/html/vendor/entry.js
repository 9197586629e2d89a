export { plot, lineY, ruleX, ruleY, dot, barX, text, rectX, rect, tip, pointerX, pointerY, axisX, axisY, gridX, gridY, pointer, crosshairX } from "@observablehq/plot";
