// What a test may replace by fakes of its own. The kit goes on by the real ones, as a network and a server would.

export const realNow = Date.now;
export const passedMs = performance.now.bind(performance);
export const realSetTimeout = setTimeout;
export const realClearTimeout = clearTimeout;
