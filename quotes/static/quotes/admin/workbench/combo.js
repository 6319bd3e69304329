/* A text field with a list of what the typed words may mean (ARIA's combobox pattern): arrows choose, Enter takes, Escape leaves. */

const WAIT = 120;

function line(className, text) {
    const element = document.createElement('span');
    element.className = className;
    element.textContent = text;
    return element;
}

export class Combobox {
    /* find(words) → [{title, sub, note, value}], or a promise of it; quick(words) → what is known at once;
       pick(option, words); leave() after Escape. */
    constructor(input, list, {find, quick = () => [], pick, leave}) {
        Object.assign(this, {input, list, find, quick, pick, leave, options: [], at: 0, asked: 0, timer: 0, isWaiting: false});
        this.takesNext = false;
        input.addEventListener('input', () => this.search());
        input.addEventListener('focus', () => { input.select(); this.search(); });
        input.addEventListener('blur', () => this.close());
        input.addEventListener('keydown', (event) => this.press(event));
        /* The field keeps the focus, so that its blur does not close the list before the click. */
        list.addEventListener('pointerdown', (event) => event.preventDefault());
        list.addEventListener('click', (event) => {
            const row = event.target.closest('[role=option]');
            if (row) {
                this.take(this.options[Number(row.dataset.number)]);
            }
        });
    }

    async search() {
        clearTimeout(this.timer);
        const words = this.input.value.trim();
        const asked = ++this.asked;
        this.takesNext = false;
        this.isWaiting = true;
        this.show(this.quick(words));
        await new Promise((resolve) => { this.timer = setTimeout(resolve, WAIT); });
        const found = asked === this.asked ? await this.find(words) : null;
        if (asked !== this.asked || document.activeElement !== this.input) {
            return;
        }
        this.isWaiting = false;
        this.show(found);
        if (this.takesNext) {
            this.take(this.options[this.at]);
        }
    }

    show(options) {
        const before = this.options[this.at];
        this.options = options;
        const again = this.moved ? options.findIndex((option) => option.title === before?.title) : 0;
        this.at = Math.max(0, again);
        this.moved = this.moved && again > 0;
        this.list.replaceChildren(...options.map((option, number) => this.row(option, number)));
        this.list.hidden = !options.length;
        this.place();
        this.input.setAttribute('aria-expanded', String(Boolean(options.length)));
        this.mark();
    }

    /* Below its field, over whatever scrolls there. */
    place() {
        const field = this.input.getBoundingClientRect();
        const room = window.innerHeight - field.bottom - 8;
        Object.assign(this.list.style, {
            left: `${field.left}px`, top: `${field.bottom}px`, width: `${field.width}px`, maxHeight: `${Math.max(120, Math.min(300, room))}px`,
        });
    }

    row(option, number) {
        const row = document.createElement('li');
        row.id = `${this.list.id}-${number}`;
        row.role = 'option';
        row.dataset.number = String(number);
        row.className = option.className ?? '';
        row.append(line('wb-option-title', option.title));
        if (option.note) {
            row.append(line('wb-option-note', option.note));
        }
        (option.sub ?? []).forEach((text) => row.append(line('wb-option-sub', text)));
        return row;
    }

    mark() {
        [...this.list.children].forEach((row, number) => row.setAttribute('aria-selected', String(number === this.at)));
        const row = this.list.children[this.at];
        this.input.setAttribute('aria-activedescendant', row?.id ?? '');
        if (row && (row.offsetTop < this.list.scrollTop || row.offsetTop + row.offsetHeight > this.list.scrollTop + this.list.clientHeight)) {
            this.list.scrollTop = row.offsetTop - this.list.clientHeight / 3;
        }
    }

    press(event) {
        if (event.isComposing || event.ctrlKey || event.metaKey) {
            return;
        }
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            const {length} = this.options;
            this.at = length ? (this.at + (event.key === 'ArrowDown' ? 1 : length - 1)) % length : 0;
            this.moved = true;
            this.mark();
        } else if (event.key === 'Enter') {
            /* What is typed faster than the server answers is meant for its answer, unless a row was chosen. */
            if (this.isWaiting && !this.options.some((option) => option.isSure)) {
                this.takesNext = true;
            } else {
                this.take(this.options[this.at]);
            }
        } else if (event.key === 'Escape') {
            this.close();
            this.leave();
        } else {
            return;
        }
        event.preventDefault();
        event.stopPropagation();
    }

    take(option) {
        const words = this.input.value.trim();
        this.close();
        if (option) {
            this.input.value = option.value ? option.title : words;
            this.pick(option, words);
        }
    }

    close() {
        clearTimeout(this.timer);
        this.asked += 1;
        this.options = [];
        this.list.hidden = true;
        this.input.setAttribute('aria-expanded', 'false');
        this.input.removeAttribute('aria-activedescendant');
    }
}
