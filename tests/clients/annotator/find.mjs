// What the selectors of Web Annotations find in a text. Standard input: [{text, selectors: [selector, …]}, …]; standard output: for
// each text and selector the [start, end, words] of every match, counted in UTF-16 code units as the DOM does.
import { createTextPositionSelectorMatcher, createTextQuoteSelectorMatcher } from "@apache-annotator/dom";
import { JSDOM } from "jsdom";

const MATCHERS = {
  TextPositionSelector: createTextPositionSelectorMatcher,
  TextQuoteSelector: createTextQuoteSelectorMatcher,
};

const { window } = new JSDOM("<!doctype html><pre></pre>");
// The library looks for these where a browser has them.
Object.assign(globalThis, { NodeFilter: window.NodeFilter, Node: window.Node, Range: window.Range });

async function find({ text, selectors }) {
  const scope = window.document.querySelector("pre");
  scope.replaceChildren(window.document.createTextNode(text));
  const found = [];
  for (const selector of selectors) {
    const matches = [];
    for await (const range of MATCHERS[selector.type](selector)(scope)) {
      matches.push([range.startOffset, range.endOffset, range.toString()]);
    }
    found.push(matches);
  }
  return found;
}

let input = "";
for await (const chunk of process.stdin.setEncoding("utf-8")) input += chunk;
const answers = [];
for (const one of JSON.parse(input)) answers.push(await find(one));
process.stdout.write(JSON.stringify(answers));
