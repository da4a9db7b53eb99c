import { type CreateUserRequest, createUser, userId } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { Access, Problem } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Delete, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CreateUser } from './create-user.js';
import { DeleteUser } from './delete-user.js';

/** Users as a product's backend makes and deletes them. The library's tables know no row owner: this is system work. */
@Controller('v1/users')
@Access('product')
export class UsersController {
  constructor(
    private readonly em: EntityManager,
    private readonly createUser: CreateUser,
    private readonly deleteUser: DeleteUser,
  ) {}

  @Post()
  async create(@Body({ schema: createUser }) wish: CreateUserRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const user = await asSystem(this.em, () => this.createUser.execute(wish)).catch((error: unknown) => {
      // Deleted by somebody else a moment ago: the trigger refuses the id.
      if (sqlStateOf(error) === '23505') throw new Problem(409, 'user_id_used', 'This user id was used before.');
      throw error;
    });
    void reply.status(user.created ? 201 : 200);
    return user;
  }

  @Delete(':id')
  @HttpCode(204)
  async delete(@Param('id', { schema: userId }) id: string): Promise<void> {
    await asSystem(this.em, () => this.deleteUser.execute({ userId: id }));
  }
}

function sqlStateOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: string; cause?: unknown };
  return code ?? (cause ? sqlStateOf(cause) : undefined);
}
