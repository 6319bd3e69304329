/* Begin where one left: unsaved work, the quote under the cursor, the topic, the place in the text, what was rejected. */

export function restore(page) {
    const {drafts, state, work} = page;
    const {items} = work;
    (drafts.read('rejected') ?? []).forEach((key) => items.rejected.add(key));
    const kept = drafts.all('d:');
    kept.forEach(([key, draft]) => restoreDraft(work, key, draft));
    work.draftsElsewhere = kept.filter(([, {snapshot}]) => snapshot !== state.snapshot).length;
    const place = drafts.read('place') ?? {};
    work.topic = topicOf(page, place);
    const asked = new URLSearchParams(window.location.search).get('quote');
    const wanted = asked ? Number(asked) : place.current;
    const item = wanted ? [...items.byKey.values()].find((one) => one.record?.id === wanted) ?? items.get(wanted) : null;
    const isHere = place.snapshot === state.snapshot || Boolean(asked);
    if (item && isHere) {
        work.current = item.key;
    }
    if (isHere && place.scroll && !asked) {
        page.text.root.scrollTop = place.scroll;
    } else if (item) {
        work.go(item);
    }
    const left = items.ordered().filter((one) => one.draft).length;
    if (left) {
        page.note(left === 1 ? 'One quote that was not saved is here again.' : `${left} quotes that were not saved are here again.`);
    }
    work.making.turn(work.item());
    watch(page);
    page.sync.send();
}

function restoreDraft(work, key, {id, snapshot, ...draft}) {
    const {drafts, items} = work;
    if (snapshot !== work.state.snapshot) {
        return;
    }
    const saved = id && [...items.byKey.values()].find((item) => item.record?.id === id);
    if (saved) {
        saved.draft = draft;
        /* It may have had another key while it was new. */
        drafts.remove(`d:${key}`);
        work.keep(saved);
    } else {
        const item = items.get(key) ?? {key, proposal: null, record: null, draft: null};
        item.draft = draft;
        items.byKey.set(item.key, item);
    }
}

/* The topic of this article when one left; else the one that most of its quotes are coded toward, the one
   used last anywhere, the only one. */
function topicOf({drafts, state}, place) {
    const coded = new Map();
    state.quotes.flatMap((quote) => Object.keys({...quote.mine, ...quote.final})).forEach((topic) => {
        coded.set(Number(topic), (coded.get(Number(topic)) ?? 0) + 1);
    });
    const [most] = [...coded].sort(([, one], [, two]) => two - one)[0] ?? [null];
    const wanted = [place.topic, most, drafts.readEverywhere('topic'), state.topics.length === 1 ? state.topics[0].id : null];
    const known = new Map(state.topics.map((topic) => [topic.id, topic]));
    return wanted.map((id) => known.get(id)).find(Boolean) ?? null;
}

/* What another tab of the same article saved or let go is not kept here as unsaved, unless it is being changed here too. */
function watch(page) {
    const {drafts, work} = page;
    window.addEventListener('storage', ({key, newValue, oldValue}) => {
        const start = `${drafts.prefix}d:`;
        if (!key?.startsWith(start) || newValue !== null) {
            return;
        }
        const item = work.items.get(key.slice(start.length));
        if (item?.draft && oldValue === JSON.stringify({...item.draft, snapshot: page.state.snapshot, id: item.record?.id ?? null})) {
            item.draft = null;
            if (!item.record && !item.proposal) {
                work.items.byKey.delete(item.key);
            }
            page.look();
        }
    });
}
