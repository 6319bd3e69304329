/* The fields in which one chooses among records: the speaker, the organization, the topic. */

import {Combobox} from './combo.js';
import {byId} from './page.js';
import {Refused} from './server.js';

export class Choosing {
    constructor(page) {
        this.page = page;
        this.work = page.work;
        this.pending = null;
        this.connectSpeakers();
        this.connectTopics();
    }

    /* Nobody waits for a topic any more. */
    forget() {
        this.pending = null;
    }

    connectSpeakers() {
        this.speakers = new Combobox(byId('wb-speaker'), byId('wb-speakers'), {
            quick: (words) => this.knownPeople(words),
            find: (words) => this.findPeople(words),
            pick: (option, words) => (option.value
                ? this.work.chooseSpeaker(this.work.item(), option.value)
                : this.work.making.begin(this.work.item(), 'person', words)),
            leave: () => { this.page.leave(); this.page.show(); },
        });
        this.organizations = new Combobox(byId('wb-organization'), byId('wb-organizations'), {
            find: async (words) => {
                const found = words ? await this.find('organizations/', words, 'organizations') : [];
                const options = found.map((one) => ({title: one.name, note: one.short, sub: [one.kind], value: one}));
                return words ? [...options, {title: `New organization “${words}”…`, className: 'wb-option-new', value: null}] : options;
            },
            pick: (option, words) => (option.value
                ? this.work.chooseOrganization(this.work.item(), option.value)
                : this.work.making.begin(this.work.item(), 'organization', words)),
            leave: () => { this.page.leave(); this.page.show(); },
        });
    }

    connectTopics() {
        const option = (topic) => ({title: topic.name, sub: [topic.proposition], value: topic, isSure: true});
        const find = (words) => this.page.state.topics
            .filter((topic) => `${topic.name} ${topic.proposition}`.toLowerCase().includes(words.toLowerCase())).map(option);
        this.topics = new Combobox(byId('wb-topic'), byId('wb-topics'), {
            quick: (words) => (words === (this.work.topic?.name ?? '') ? this.page.state.topics.map(option) : find(words)),
            find: (words) => (words === (this.work.topic?.name ?? '') ? this.page.state.topics.map(option) : find(words)),
            pick: ({value}) => this.setTopic(value),
            leave: () => { this.pending = null; this.page.leave(); this.page.show(); },
        });
    }

    setTopic(topic) {
        this.work.topic = topic;
        this.page.drafts.writeEverywhere('topic', topic?.id ?? null);
        this.page.leave();
        this.page.keepPlace();
        this.page.show();
        const {pending} = this;
        this.pending = null;
        pending?.();
    }

    chooseTopic(then) {
        this.pending = then;
        this.page.note('Choose the topic first.');
        byId('wb-topic').focus();
    }

    option(person, isSure) {
        const jobs = person.jobs.slice(0, 2).map((job) => `${job.label}, ${job.period}`);
        return {title: person.name, note: person.note, sub: jobs, value: person, isSure};
    }

    /* People of this article, at once; the last speaker first while nothing is typed. */
    knownPeople(words) {
        const wanted = words.toLowerCase();
        const known = [...this.work.people.values()];
        const shown = this.work.item() ? this.work.items.values(this.work.item()).speaker?.name : '';
        if (!wanted || words === shown) {
            const last = this.work.people.get(this.work.lastSpeaker?.speaker.id);
            return [...new Set([...(last ? [last] : []), ...known])].slice(0, 8).map((person) => this.option(person, true));
        }
        return known.filter((person) => [person.name, ...person.aliases].some((name) => name.toLowerCase().includes(wanted)))
            .map((person) => this.option(person, true));
    }

    async findPeople(words) {
        const known = this.knownPeople(words);
        const there = new Set(known.map((option) => option.value.id));
        const found = words.length > 1 ? await this.find('people/', words, 'people') : [];
        const others = found.filter((person) => !there.has(person.id)).map((person) => this.option(person, false));
        const fresh = {title: `New person “${words}”…`, className: 'wb-option-new', value: null};
        return [...known, ...others, ...(words && this.page.state.may.person ? [fresh] : [])];
    }

    /* What the server finds; nothing where it cannot be reached, which is said. */
    async find(path, words, name) {
        try {
            return (await this.work.server.get(path, {q: words.slice(0, 200)}))[name];
        } catch (error) {
            if (error instanceof Refused) {
                this.page.note(error.message);
            } else {
                this.page.sync.unreached(error, null);
            }
            return [];
        }
    }

    askSpeaker(words) {
        const input = byId('wb-speaker');
        input.value = words;
        input.focus();
        input.select();
    }
}
