import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { reportFailure } from '../base/guard.ts';

type Listener<Message> = (message: Message) => void;

/**
 * Subscribes a listener to each channel. A subscriber that throws would be an uncaught exception of the app, so the first
 * failure is logged instead.
 * @param action for the log: what fails
 * @returns unsubscribes
 */
export function watchChannels<Message>(
  action: string,
  listeners: Readonly<Record<string, Listener<Message>>>,
): () => void {
  const subscriptions = Object.entries(listeners).map(([channel, listener]) => {
    const guarded = (message: unknown) => {
      try {
        listener(message as Message);
      } catch (cause) {
        reportFailure(action, cause);
      }
    };
    subscribe(channel, guarded);
    return () => void unsubscribe(channel, guarded);
  });
  return () => {
    for (const end of subscriptions) end();
  };
}
