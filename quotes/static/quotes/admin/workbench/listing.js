/* The list of the article's quotes and proposals, in the text's order. Rows that say the same as before stay as they are: a long
   article has thousands. */

import {look} from './marks.js';
import {make} from './page.js';

const SHOWN = 90;

export class Listing {
    constructor(list, go) {
        this.list = list;
        this.rows = new Map();
        this.keys = '';
        list.addEventListener('click', (event) => {
            const key = event.target.closest('button')?.dataset.key;
            if (key) {
                go(key);
            }
        });
    }

    show(ordered, view) {
        const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
        const rows = new Map(ordered.map((item) => [item.key, this.row(item, view)]));
        const keys = [...rows.keys()].join();
        if (keys !== this.keys) {
            this.list.replaceChildren(...[...rows.values()].map(({element}) => element));
        }
        this.rows = rows;
        this.keys = keys;
        if (focused && rows.get(focused)) {
            rows.get(focused).element.firstChild.focus();
        }
        this.showCurrent();
    }

    /* As it was, where nothing about it changed; else a new one in its place. */
    row(item, view) {
        const says = this.says(item, view);
        const looks = JSON.stringify(says);
        const before = this.rows.get(item.key);
        if (before?.looks === looks) {
            return before;
        }
        const element = this.draw(item.key, says);
        before?.element.replaceWith(element);
        return {looks, element};
    }

    says(item, {items, offsets, current, topic, labels}) {
        const {kind, label} = look(item, items, topic, labels);
        const values = items.values(item);
        const words = values.segments.map((segment) => offsets.words(segment)).join(' […] ');
        const proposed = item.proposal?.meant ? `${item.proposal.meant}?` : 'who?';
        return {
            kind,
            label,
            who: values.speaker?.name || values.organization?.name || values.source_label || proposed,
            words: words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words,
            isCurrent: item.key === current,
            isWrong: Boolean(item.error),
        };
    }

    draw(key, {kind, label, who, words, isCurrent, isWrong}) {
        const sign = make('span', `wb-sign wb-sign-${kind}`);
        sign.setAttribute('aria-hidden', 'true');
        const pick = make('button', 'wb-pick', sign, make('span', 'wb-pick-who', who), make('span', 'wb-pick-state', label),
            make('span', 'wb-pick-words', words));
        pick.type = 'button';
        pick.dataset.key = key;
        if (isCurrent) {
            pick.setAttribute('aria-current', 'true');
        }
        return make('li', `wb-${kind}${isCurrent ? ' wb-current' : ''}${isWrong ? ' wb-wrong' : ''}`, pick);
    }

    /* The current row is seen; what stands around the list does not move. */
    showCurrent() {
        const {list} = this;
        const row = list.querySelector('.wb-current');
        if (row && (row.offsetTop < list.scrollTop || row.offsetTop + row.offsetHeight > list.scrollTop + list.clientHeight)) {
            list.scrollTop = row.offsetTop - list.clientHeight / 3;
        }
    }
}
