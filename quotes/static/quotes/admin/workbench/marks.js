/* How items look in the text. Stances by colour, by pattern and, in the list, by a word. */

/* The class that tells the item's state, and the words that do. */
export function look(item, items, topic, labels) {
    if (items.isProposal(item)) {
        return {kind: 'proposal', label: 'proposed'};
    }
    const stance = topic ? items.stance(item, topic.id) : '';
    if (!item.record || (item.draft && Object.keys(item.draft.values).length && !item.draft.ready)) {
        return {kind: 'unsaved', label: item.draft?.ready ? 'waits' : 'not saved', stance};
    }
    return stance ? {kind: stance, label: labels[stance], stance} : {kind: 'uncoded', label: 'not coded', stance};
}

export function marks(ordered, {items, offsets, current, topic, labels}) {
    return ordered.flatMap((item) => {
        const {kind, label, stance} = look(item, items, topic, labels);
        const values = items.values(item);
        const who = values.speaker?.name ?? values.source_label ?? '';
        const isCurrent = item.key === current;
        const classes = [`wb-${kind}`, isCurrent ? 'wb-current' : '', kind === 'unsaved' && stance ? `wb-${stance}` : ''];
        const rank = isCurrent ? Infinity : kind === 'proposal' ? 0 : 1e6 - (values.segments[0][1] - values.segments[0][0]);
        return values.segments.map(([start, end]) => ({
            start: offsets.units(start),
            end: offsets.units(end),
            key: item.key,
            kind: classes.filter(Boolean).join(' '),
            title: [who, label].filter(Boolean).join(': '),
            rank: isCurrent ? 1e9 : rank,
        }));
    });
}
