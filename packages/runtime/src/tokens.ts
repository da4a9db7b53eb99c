/** The app's configuration, for injection. */
export const CONFIG = Symbol('gatehouse:config');

/** The Kafka strategy, when there is one: `start` connects its handlers and starts it once HTTP is set up. */
export const MICROSERVICE = Symbol('gatehouse:microservice');
