/* Work that is not saved, kept in this browser for each user and article, so that neither a closed window nor a session that ran
   out loses a word. Each quote has an entry of its own: two tabs of one article do not write over each other. */

export class Drafts {
    constructor(user, article) {
        this.prefix = `qb-workbench:${user}:${article}:`;
        this.everywhere = `qb-workbench:${user}:`;
        this.works = true;
    }

    write(key, value) {
        this.keep(this.prefix + key, value);
    }

    read(key) {
        return this.parse(this.prefix + key);
    }

    remove(key) {
        try {
            localStorage.removeItem(this.prefix + key);
        } catch (error) {
            this.works = false;
        }
    }

    /* Every entry whose name begins so, as [rest of the name, value]. */
    all(start) {
        let names = [];
        try {
            names = Object.keys(localStorage);
        } catch (error) {
            this.works = false;
        }
        const wanted = names.filter((name) => name.startsWith(this.prefix + start));
        return wanted.map((name) => [name.slice((this.prefix + start).length), this.parse(name)]).filter(([, value]) => value);
    }

    /* What holds for all of the user's articles: the topic used last. */
    writeEverywhere(key, value) {
        this.keep(this.everywhere + key, value);
    }

    readEverywhere(key) {
        return this.parse(this.everywhere + key);
    }

    keep(name, value) {
        try {
            localStorage.setItem(name, JSON.stringify(value));
        } catch (error) {
            this.works = false;
        }
    }

    parse(name) {
        try {
            return JSON.parse(localStorage.getItem(name));
        } catch (error) {
            return null;
        }
    }
}
