/* What a quote means: the user's own judgement toward the chosen topic. */

import {Settling} from './settling.js';

export class Coding extends Settling {
    /* A stance key. What is saved is coded at once, and the cursor goes on; in a quote that is being entered it waits for it. */
    code(stance, {isFinal} = {}) {
        const item = this.item();
        if (!this.mayCode(item)) {
            return;
        }
        if (!this.topic) {
            this.page.choosing.chooseTopic(() => this.code(stance, {isFinal}));
            return;
        }
        const isEntered = item.draft && !item.draft.ready && Object.keys(item.draft.values).length > 0 && !item.sending;
        this.undo.push(item, 'the stance');
        this.items.code(item, this.topic.id, isFinal === undefined ? {stance} : {stance, final: isFinal});
        item.error = this.conflict.handles(item.error) ? item.error : null;
        if (!isEntered) {
            this.commit(item);
            this.goOn();
        }
        this.changed(item);
        this.page.note(`${this.state.labels.stance[stance]}${isFinal ? ', final' : ''}.`);
    }

    mayCode(item) {
        if (!item || this.items.isProposal(item)) {
            this.page.note(item ? 'Enter accepts the proposal first.' : 'Go to a quote first, with j or k.');
            return false;
        }
        if (!this.state.may.code) {
            this.page.note('You have no right to code: the group “coder” has it.');
            return false;
        }
        return true;
    }

    final() {
        const item = this.item();
        const mine = item && this.topic ? this.items.coding(item, this.topic.id).mine : null;
        if (!this.state.may.finalise) {
            this.page.note('Only editors make a stance final.');
        } else if (!mine) {
            this.page.note('Code the quote first, with 1 to 6.');
        } else {
            this.code(mine.stance, {isFinal: !mine.final});
        }
    }
}
