/* Who may have said it: read off the proposal, the nearest name, the quote before. Offered for a curator to accept, never assumed. */

import {mentionNear} from './reading.js';

const PRONOUN = /^(he|she|they|it|we|i|él|ella|ellos|il|elle|ils|er|sie)$/iu;

export class Offering {
    /* The proposal that has any of the words. */
    proposalAt(segments) {
        const over = ([start, end]) => segments.some(([from, to]) => start < to && from < end);
        return [...this.items.byKey.values()].find((item) => item.proposal?.segments.some(over))?.proposal ?? null;
    }

    /* Who may have said it: whom the proposal or the nearest name means, else the last speaker before. Offered, nothing more. */
    offerAt(places, proposal) {
        const [named, ...others] = proposal ? this.peopleNamed(proposal) : [];
        if (named && !others.length) {
            return this.items.offer(named, `“${proposal.speaker}” in the text`);
        }
        if (proposal?.meant && !PRONOUN.test(proposal.meant)) {
            return null;
        }
        const near = proposal?.meant ? null : this.people.get(mentionNear(this.offsets.text, places, this.mentions));
        if (near) {
            return this.items.offer(near, 'named nearest in the text');
        }
        const before = this.speakerBefore(this.points(places));
        return before ? {...before, why: 'as the quote before'} : null;
    }

    /* Whom a proposal's speaker, as printed, may mean among those whom the page knows. */
    peopleNamed(proposal) {
        const mention = proposal.meant.toLowerCase();
        const isMeant = ({name, aliases, last}) => [name, last, ...aliases].some((one) => {
            const known = one.toLowerCase();
            return known && mention && (mention === known || mention.endsWith(` ${known}`));
        });
        const found = [...this.people.values()].filter((person) => proposal.people.includes(person.id) || isMeant(person));
        const whole = found.filter(({name}) => mention.endsWith(name.toLowerCase()));
        return whole.length ? whole : found;
    }

    /* Somebody new on this page: where the text names them too. */
    learn(person) {
        if (this.people.has(person.id)) {
            this.people.set(person.id, person);
            return;
        }
        this.people.set(person.id, person);
        for (const name of new Set([person.name, person.last, ...person.aliases].filter(Boolean))) {
            const escaped = name.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
            for (const match of this.offsets.text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu'))) {
                this.mentions.push([match.index, match.index + name.length, person.id]);
            }
        }
    }

    /* The speaker of the last quote before these words, with the same capacity; not of one far away. */
    speakerBefore([[start]]) {
        const before = this.items.ordered().filter((item) => {
            const values = this.items.values(item);
            return !this.items.isProposal(item) && values.speaker && values.segments.at(-1)[1] <= start;
        }).at(-1);
        if (!before) {
            return null;
        }
        const {speaker, capacities} = this.items.values(before);
        return {speaker, capacities, label: capacities.map((row) => row.label).join('; ')};
    }

    offerOf(item) {
        if (item.draft || item.record) {
            return item.draft?.offer ?? null;
        }
        const places = item.proposal.segments.map((segment) => segment.map((point) => this.offsets.units(point)));
        return this.offerAt(places, item.proposal);
    }
}
