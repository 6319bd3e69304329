/* Selecting by the keyboard: sentences with the arrows, their ends word by word with Shift and across. */

export class Selecting {
    constructor(text) {
        this.text = text;
        this.from = null;
    }

    /* What is selected; else the place where one was last, empty. */
    place() {
        return this.text.selected() ?? (this.from === null ? null : [this.from, this.from]);
    }

    at(unit) {
        this.from = unit;
    }

    /* Begin with the sentence that the unit stands in. */
    before(unit) {
        this.from = this.text.sentenceAt(unit);
    }

    select(place) {
        if (place && place[0] < place[1]) {
            this.from = place[0];
            this.text.root.focus({preventScroll: true});
            this.text.select(place);
        }
    }

    sentence(step) {
        const place = this.place() ?? [this.text.firstSeen(), this.text.firstSeen()];
        this.select(this.text.sentenceBeside(step > 0 ? place[1] : place[0], step));
    }

    /* A sentence more at the end; or the last one less, as long as one is left. */
    extend(step) {
        const place = this.place();
        if (!place || place[0] === place[1]) {
            this.sentence(step);
            return;
        }
        const [start, end] = place;
        const beside = this.text.sentenceBeside(step > 0 ? end : end - 1, step);
        if (beside && beside[1] > start) {
            this.select([start, beside[1]]);
        }
    }

    end(step) {
        const place = this.place();
        if (place) {
            const [start, end] = place;
            const word = this.text.wordBeside(step > 0 ? end : end - 1, step);
            this.select(word && [start, word[1]]);
        }
    }

    start(step) {
        const place = this.place();
        if (place) {
            const [start, end] = place;
            const word = this.text.wordBeside(step > 0 ? start + 1 : start, step);
            this.select(word && [word[0], end]);
        }
    }
}
