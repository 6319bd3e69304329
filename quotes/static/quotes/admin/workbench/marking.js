/* From selected words to a quote that is not saved yet. */

import {same} from './items.js';
import {Offering} from './offering.js';
import {cueNear, kindOf, meant, trimmed} from './reading.js';

export class Marking extends Offering {
    /* Segments of the selection, in code points: what is in quotation marks inside it, or (isWhole) the selection itself. */
    selection({isWhole = false} = {}) {
        const selected = this.text.selected();
        if (!selected) {
            return null;
        }
        const {text} = this.offsets;
        const places = isWhole ? [trimmed(text, ...selected)] : meant(text, ...selected);
        return places.every(([start, end]) => start < end) ? places : null;
    }

    mark({isWhole = false} = {}) {
        const places = this.selection({isWhole});
        if (!places) {
            this.page.note('Select words of the text first: with the mouse, or with the arrow keys.');
            return;
        }
        const segments = this.points(places);
        const there = this.items.ordered().find((item) => same(this.items.values(item).segments, segments));
        if (there && !this.items.isProposal(there)) {
            this.go(there);
            this.page.note('These words are marked already.');
            return;
        }
        const item = there ?? {key: `n${crypto.getRandomValues(new Uint32Array(2)).join('')}`, proposal: null, record: null, draft: null};
        this.items.byKey.set(item.key, item);
        this.undo.push(item, 'the mark');
        const near = this.proposalAt(segments);
        this.items.edit(item, {...this.blank(), ...this.guess(places, near), segments});
        item.draft.offer = this.offerAt(places, near);
        this.go(item, {isQuiet: true});
        this.text.clearSelection();
        this.page.selecting.at(places.at(-1)[1]);
        this.changed(item);
        this.page.note(item.draft.offer ? `Marked. Enter accepts ${item.draft.offer.speaker.name}.` : 'Marked. s chooses the speaker.');
    }

    points(places) {
        return places.map(([start, end]) => [this.offsets.points(start), this.offsets.points(end)]);
    }

    blank() {
        return {kind: 'direct', source_type: 'person', speaker: null, capacities: []};
    }

    guess(places, proposal) {
        const {text} = this.offsets;
        return {kind: kindOf(text, places), cue: proposal?.cue || cueNear(text, places)};
    }

    addSegment() {
        const item = this.item();
        const places = this.selection();
        if (!places || !item) {
            this.page.note(places ? 'Mark a quote first, with q.' : 'Select the further words first.');
            return;
        }
        const values = this.items.values(item);
        const every = [...values.segments, ...this.points(places)].sort(([one], [two]) => one - two);
        if (every.some(([start], number) => number && start < every[number - 1][1])) {
            this.page.note('The parts of a quote do not overlap.');
            return;
        }
        this.text.clearSelection();
        this.edit(item, {segments: every});
        this.page.note(`The quote has ${every.length} parts now.`);
    }

    removeSegment(number) {
        const item = this.item();
        this.edit(item, {segments: this.items.values(item).segments.filter((_, at) => at !== number)});
        this.page.leave();
    }
}
