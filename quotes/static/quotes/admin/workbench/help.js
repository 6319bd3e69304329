/* The list of keys, and the switch that turns single keys off (WCAG 2.1.4). */

import {KEYS} from './keys.js';
import {byId, make} from './page.js';

export class Help {
    constructor(drafts) {
        this.dialog = byId('wb-help');
        this.isOn = byId('wb-keys-on');
        this.isOn.checked = drafts.readEverywhere('keys') !== 'off';
        this.isOn.addEventListener('change', () => drafts.writeEverywhere('keys', this.isOn.checked ? 'on' : 'off'));
        byId('wb-help-open').addEventListener('click', () => this.open());
        byId('wb-help-keys').replaceChildren(...KEYS.map(([title, rows]) => {
            const list = make('dl', '');
            rows.forEach(([keys, what]) => list.append(make('div', '', make('dt', '', ...keycaps(keys)), make('dd', '', what))));
            return make('section', '', make('h3', '', title), list);
        }));
    }

    areKeysOn() {
        return this.isOn.checked;
    }

    open() {
        this.dialog.showModal();
    }
}

function keycaps(keys) {
    return keys.split(' ').flatMap((key, number) => (number ? [' ', make('kbd', '', key)] : [make('kbd', '', key)]));
}
