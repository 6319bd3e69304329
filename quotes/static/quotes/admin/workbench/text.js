/* The article's text on the page: a block for each line, in it text and marks. The characters shown are those of the snapshot,
   line feeds included, so that places can be told from the page; only lines whose marks changed are drawn anew. */

import {sentences, words} from './reading.js';

export class TextView {
    constructor(root, text, language) {
        this.root = root;
        this.text = text;
        this.language = language;
        this.starts = [];
        this.drawn = new Map();
        const page = document.createDocumentFragment();
        let at = 0;
        for (const line of text.match(/[^\n]*\n|[^\n]+$/gu) ?? []) {
            const block = document.createElement('div');
            block.className = 'wb-line';
            block.dir = 'auto';
            block.dataset.line = String(this.starts.length);
            block.textContent = line;
            this.starts.push(at);
            at += line.length;
            page.append(block);
        }
        root.replaceChildren(page);
    }

    /* The number of the line that the unit stands in. */
    lineAt(unit) {
        let low = 0;
        let high = this.starts.length - 1;
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if (this.starts[middle] <= unit) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    line(number) {
        const start = this.starts[number];
        return this.text.slice(start, this.starts[number + 1] ?? this.text.length);
    }

    /* Show these marks and no others: {start, end, key, kind, title, rank}, in units; where they overlap the highest rank is seen. */
    paint(marks) {
        const lines = new Map();
        for (const mark of marks) {
            for (let number = this.lineAt(mark.start); number <= this.lineAt(Math.max(mark.start, mark.end - 1)); number += 1) {
                lines.set(number, [...lines.get(number) ?? [], mark]);
            }
        }
        const concerned = new Set([...this.drawn.keys(), ...lines.keys()]);
        for (const number of concerned) {
            const found = lines.get(number) ?? [];
            const looks = JSON.stringify(found);
            if (looks !== (this.drawn.get(number) ?? '[]')) {
                this.draw(number, found);
            }
            if (found.length) {
                this.drawn.set(number, looks);
            } else {
                this.drawn.delete(number);
            }
        }
    }

    draw(number, marks) {
        const start = this.starts[number];
        const line = this.line(number);
        const end = start + line.length;
        const bounds = new Set([start, end]);
        marks.forEach((mark) => {
            bounds.add(Math.max(start, mark.start));
            bounds.add(Math.min(end, mark.end));
        });
        const ordered = [...bounds].sort((one, two) => one - two);
        const parts = ordered.slice(0, -1).map((from, index) => {
            const to = ordered[index + 1];
            const over = marks.filter((mark) => mark.start <= from && to <= mark.end);
            const words = line.slice(from - start, to - start);
            return over.length ? this.mark(words, over) : document.createTextNode(words);
        });
        this.root.children[number].replaceChildren(...parts);
    }

    mark(words, over) {
        const top = over.reduce((best, mark) => (mark.rank > best.rank ? mark : best));
        const element = document.createElement('mark');
        element.className = `wb-mark ${top.kind}${over.length > 1 ? ' wb-over' : ''}`;
        element.dataset.key = top.key;
        element.title = top.title;
        element.textContent = words;
        return element;
    }

    /* Where a point of the page is in the text. */
    unitAt(node, offset) {
        if (node === this.root) {
            return this.starts[offset] ?? this.text.length;
        }
        const block = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest('.wb-line');
        const range = document.createRange();
        range.setStart(block, 0);
        range.setEnd(node, offset);
        return this.starts[Number(block.dataset.line)] + range.toString().length;
    }

    /* What is selected, as [start, end]; null where nothing of the text is. */
    selected() {
        const selection = document.getSelection();
        if (!selection.rangeCount || selection.isCollapsed) {
            return null;
        }
        const range = selection.getRangeAt(0);
        const whole = document.createRange();
        whole.selectNodeContents(this.root);
        if (!range.intersectsNode(this.root)) {
            return null;
        }
        const begins = range.compareBoundaryPoints(Range.START_TO_START, whole) >= 0;
        const ends = range.compareBoundaryPoints(Range.END_TO_END, whole) <= 0;
        const start = begins ? this.unitAt(range.startContainer, range.startOffset) : 0;
        const end = ends ? this.unitAt(range.endContainer, range.endOffset) : this.text.length;
        return this.text.slice(start, end).trim() ? [start, end] : null;
    }

    point(unit) {
        const number = this.lineAt(unit);
        let left = unit - this.starts[number];
        const walker = document.createTreeWalker(this.root.children[number], NodeFilter.SHOW_TEXT);
        let node = walker.nextNode();
        for (; node; node = walker.nextNode()) {
            if (left <= node.data.length) {
                return [node, left];
            }
            left -= node.data.length;
        }
        return [this.root.children[number], 0];
    }

    select([start, end]) {
        document.getSelection().setBaseAndExtent(...this.point(start), ...this.point(end));
        this.reveal([start, end]);
    }

    clearSelection() {
        document.getSelection().removeAllRanges();
    }

    /* Scroll so that the place is seen, a third of the way down; not at all where it is seen already. */
    reveal([start, end]) {
        const range = document.createRange();
        range.setStart(...this.point(start));
        range.setEnd(...this.point(end));
        const place = range.getBoundingClientRect();
        const frame = this.root.getBoundingClientRect();
        const top = Math.max(frame.top, 0);
        const bottom = Math.min(frame.bottom, window.innerHeight);
        if (place.top < top + 24 || place.bottom > bottom - 24) {
            this.root.scrollTop += place.top - top - (bottom - top) / 3;
        }
    }

    /* A place to begin from when nothing is selected: the first line that is seen. */
    firstSeen() {
        const top = this.root.getBoundingClientRect().top;
        const found = [...this.root.children].findIndex((block) => block.getBoundingClientRect().bottom > top + 4);
        return this.starts[Math.max(0, found)] ?? 0;
    }

    /* Where the sentence begins that the unit stands in. */
    sentenceAt(unit) {
        const number = this.lineAt(unit);
        const found = sentences(this.line(number), this.starts[number], this.language);
        return found.findLast(([start]) => start <= unit)?.[0] ?? this.starts[number];
    }

    /* The sentence after (or before) the unit, across lines; null at the text's ends. */
    sentenceBeside(unit, step) {
        let number = this.lineAt(Math.min(unit, Math.max(0, this.text.length - 1)));
        for (; number >= 0 && number < this.starts.length; number += step) {
            const found = sentences(this.line(number), this.starts[number], this.language);
            const beside = step > 0 ? found.find(([start]) => start >= unit) : found.findLast(([, end]) => end <= unit);
            if (beside) {
                return beside;
            }
        }
        return null;
    }

    /* The word that begins at or after the unit (or ends at or before it). */
    wordBeside(unit, step) {
        let number = this.lineAt(Math.min(unit, Math.max(0, this.text.length - 1)));
        for (; number >= 0 && number < this.starts.length; number += step) {
            const found = words(this.line(number), this.starts[number]);
            const beside = step > 0 ? found.find(([start]) => start >= unit) : found.findLast(([, end]) => end <= unit);
            if (beside) {
                return beside;
            }
        }
        return null;
    }
}
