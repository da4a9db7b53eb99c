import { deleteMe, type DeleteMe as Farewell, type MeView } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { Access, type Principal, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Delete, Get, Headers, HttpCode } from '@nestjs/common';
import { DeleteMe } from './delete-me.js';
import { FindUser } from './find-user.js';

/** The signed-in person. The library's tables know no row owner: this is system work. */
@Controller('v1/me')
@Access('user')
export class MeController {
  constructor(
    private readonly em: EntityManager,
    private readonly findUser: FindUser,
    private readonly deleteMe: DeleteMe,
  ) {}

  @Get()
  async me(@SignedIn() { id, roles }: Principal): Promise<MeView> {
    const user = await asSystem(this.em, () => this.findUser.execute({ userId: id }));
    return { userId: id, email: user?.email ?? null, name: user?.name || null, roles, hasPassword: user?.hasPassword ?? false };
  }

  @Delete()
  @HttpCode(204)
  async delete(
    @SignedIn() { id }: Principal,
    @Body({ schema: deleteMe }) { password }: Farewell,
    @Headers('x-client-ip') clientIp: string | undefined,
  ): Promise<void> {
    await this.deleteMe.execute({ userId: id, password, clientIp });
  }
}
