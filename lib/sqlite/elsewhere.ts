/**
 * Which apps' news is in another letter that may still change.
 *
 * A letter goes beside one that is under way (lib/under_way.ts). Told by both,
 * an app's fall and its return could come in the wrong order, or be told as a
 * fall alone: what such an app does meanwhile waits for the letter that has the
 * rest. One whose text stands holds back nothing: what follows on that answers it.
 *
 * @module
 */

/**
 * For `NOT IN`, by their precedence, which is an app's own: of messages to `:address` but `:message`, which may be null.
 * From the few that are open to their debts (`CROSS`), never the other way.
 * Indexes: messages_trying, messages_waiting, debts_by_message.
 */
export const APPS_ELSEWHERE = `
  SELECT debts.precedence
  FROM (
    SELECT id
    FROM messages
    WHERE state = 'trying' AND address = :address AND is_frozen = 0
    UNION ALL
    SELECT id
    FROM messages
    WHERE state = 'waiting' AND address = :address AND is_frozen = 0
  ) AS open
  CROSS JOIN debts ON debts.message = open.id AND debts.state = 'waiting'
  WHERE open.id IS NOT :message
`;
